import { Radios } from "govuk-frontend";

/** ARIA knows no "expanded" for radios: screen readers say nothing or something wrong. */
export class PlainRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}
