"""Work that outlives a request. See `service.add` to queue it, `handlers.handler` to do it."""

from flask import Flask, Response, current_app

from app.jobs import worker


def init(app: Flask, own_worker: worker.Worker, *, mode: str) -> None:
    """Set up how jobs get done: `inline` after each request, `thread` here, or `external`.

    The thread itself is started by `minga serve`, so that tests and commands have none.
    """
    app.extensions["minga_worker"] = own_worker
    if mode == "inline":
        app.after_request(_run_inline)
    elif mode == "thread":
        app.after_request(_nudge)


def _run_inline(response: Response) -> Response:
    worker.run_due()
    return response


def _nudge(response: Response) -> Response:
    current_app.extensions["minga_worker"].nudge()
    return response
