"""A server as it is deployed: kept by supervisord, behind nginx. Only files and words; nothing is started.

Everything stays in one folder, which is also where the programs run: all paths in the files are relative.
"""

import importlib.util
import os
import pwd
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from asgi_conformance.servers import _front
from asgi_conformance.servers._setting import NoSetting
from asgi_conformance.wire.connection import Address

KEEPER, WEB, SCRIPT = "supervisord.conf", "nginx.conf", "server.sh"
# Not on the PATH of everybody.
SYSTEM = ("/usr/local/sbin", "/usr/sbin", "/sbin")
NGINX = """\
daemon off;
{user}worker_processes 1;
pid nginx.pid;
lock_file nginx.lock;
error_log stderr error;
events {
    worker_connections 256;
}
http {
    access_log off;
    client_max_body_size 0;
    client_body_temp_path nginx/body;
    proxy_temp_path nginx/proxy;
    fastcgi_temp_path nginx/fastcgi;
    uwsgi_temp_path nginx/uwsgi;
    scgi_temp_path nginx/scgi;

    map $http_upgrade $connection_upgrade {
        default upgrade;
        "" close;
    }
    # There may be somebody before us, who takes TLS off.
    map $http_x_forwarded_proto $forwarded_proto {
        default $http_x_forwarded_proto;
        "" $scheme;
    }
    upstream server {
        server unix:server.sock fail_timeout=0;
    }
    proxy_http_version 1.1;
    proxy_buffering off;
    proxy_request_buffering off;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $forwarded_proto;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Port $server_port;
    proxy_set_header X-Forwarded-Prefix {prefix};
    # What the server leaves unanswered ends without an answer, and not with one that it never gave.
    error_page 502 504 = @unanswered;

    server {
        listen {address} default_server;
        location / {
            proxy_pass http://server;
        }
        location @unanswered {
            return 444;
        }
    }
    server {
        listen {address};
        server_name {stripping};
        location {prefix}/ {
            proxy_pass http://server/;
        }
        location @unanswered {
            return 444;
        }
    }
}
"""
STRIPPING = "stripping.example"
"""The host for which nginx takes the prefix of the mount point away; for all others it leaves it there."""
SUPERVISORD = """\
[supervisord]
nodaemon = true
{user}pidfile = supervisord.pid
logfile = /dev/null
logfile_maxbytes = 0
childlogdir = %(here)s

[program:nginx]
command = {front}
priority = 1
stopsignal = TERM
startsecs = 0
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
redirect_stderr = true

[program:server]
command = /bin/sh {script}
priority = 2
stopsignal = TERM
stopasgroup = false
autorestart = true
startretries = 1
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
redirect_stderr = true
"""
# Started after nginx and stopped before it: who is being served keeps his connection.


def supervised(command: Sequence[str], folder: Path, address: Address, prefix: str) -> list[str]:
    """The command that keeps this one running, and nginx in front of it, which listens at the address.

    The server is to listen on `server.sock`. Raises NoSetting where one of the programs is missing.
    """
    nginx, supervisord = _nginx(), _supervisord()
    (folder / "nginx").mkdir(exist_ok=True)
    (folder / SCRIPT).write_text(f"exec {shlex.join(command)}\n")
    wait = [sys.executable, "-I", "-S", _front.__file__, "server.sock"]
    front = shlex.join([*wait, nginx, "-p", f"{folder}/", "-c", WEB, "-e", "stderr"])
    listening = f"{address[0]}:{address[1]}"
    web = {"user": "user {};\n", "address": listening, "prefix": prefix, "stripping": STRIPPING}
    (folder / WEB).write_text(_filled(NGINX, **web))
    keeper = {"user": "user = {}\n", "front": front.replace("%", "%%"), "script": SCRIPT}
    (folder / KEEPER).write_text(_filled(SUPERVISORD, **keeper))
    return [*supervisord, "-n", "-c", KEEPER]


def _filled(text: str, *, user: str, **told: str) -> str:
    # Root alone may become somebody else, and has to say that it does not want to.
    own = user.replace("{}", pwd.getpwuid(0).pw_name) if os.geteuid() == 0 else ""
    for name, value in {"user": own, **told}.items():
        text = text.replace("{" + name + "}", value)
    return text


def _nginx() -> str:
    if sys.platform != "linux":
        raise NoSetting("what a supervisor starts is found again on Linux only")
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM])
    path = shutil.which("nginx", path=places)
    if path is None:
        raise NoSetting("nginx is not installed here")
    return path


def _supervisord() -> list[str]:
    if importlib.util.find_spec("supervisor") is None:
        raise NoSetting("supervisor is not installed here: pip install supervisor")
    # Safe: what lies in the folder is not ours to import.
    return [sys.executable, "-P", "-m", "supervisor.supervisord"]
