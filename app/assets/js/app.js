// On every page. Everything works without it; it makes things quicker or kinder.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { followJobs } from "./job.js";
import { previewForms } from "./preview.js";
import { offerPrinting } from "./print.js";
import { PlainRadios } from "./radios.js";
import { sendOnce } from "./send_once.js";
import { checkTypedCodes } from "./typed_code.js";
import { fillVotingCode } from "./voting_code.js";

[
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PlainRadios,
  ServiceNavigation,
  SkipLink,
].forEach((component) => createAll(component));

sendOnce();
fillVotingCode();
checkTypedCodes();
followJobs();
offerPrinting();
previewForms();
