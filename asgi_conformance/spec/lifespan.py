"""The chapter of lifespan: its scope, its events, its order (lifespan)."""

from asgi_conformance.spec.kinds import DICT, STR
from asgi_conformance.spec.model import APPLICATION, SERVER, Chapter, Event, Field, when

startup = Event("lifespan.startup", SERVER)
shutdown = Event("lifespan.shutdown", SERVER)
startup_complete = Event("lifespan.startup.complete", APPLICATION)
startup_failed = Event("lifespan.startup.failed", APPLICATION, message=Field(STR, ""))
shutdown_complete = Event("lifespan.shutdown.complete", APPLICATION)
shutdown_failed = Event("lifespan.shutdown.failed", APPLICATION, message=Field(STR, ""))

SCOPE = {"state": Field(DICT, None, blame="lifespan.scope.state.empty")}

STEPS = {
    SERVER: {
        "start": {when(startup): "starting"},
        "starting": {},
        # The application has not waited for the startup, which may be on its way.
        "early": {when(startup): "serving", when(shutdown): "stopping"},
        "failed": {},
        "serving": {when(shutdown): "stopping"},
        "stopping": {},
    },
    APPLICATION: {
        "start": {when(startup_complete): "started", when(startup_failed): "failed"},
        "started": {when(shutdown_complete): "stopped", when(shutdown_failed): "stopped"},
        "failed": {},
        "stopped": {},
    },
}

CHAPTER = Chapter(
    "lifespan",
    SCOPE,
    STEPS,
    stranger="lifespan.startup.type",
    follows={
        (APPLICATION, "started"): {"starting": "serving", "start": "early"},
        (APPLICATION, "failed"): {"starting": "failed"},
    },
    blame={
        ("start", "lifespan.shutdown"): "lifespan.startup.first",
        ("starting", "lifespan.startup"): "lifespan.startup.once",
        ("failed", "lifespan.startup"): "lifespan.startup.once",
        ("failed", "lifespan.shutdown"): "lifespan.startup.failed.no_shutdown_event",
        ("serving", "lifespan.startup"): "lifespan.startup.once",
        ("starting", "lifespan.shutdown"): "lifespan.shutdown.only_after_startup",
        ("stopping", "lifespan.shutdown"): "lifespan.shutdown.once",
        ("stopping", "lifespan.startup"): "lifespan.startup.once",
    },
)
