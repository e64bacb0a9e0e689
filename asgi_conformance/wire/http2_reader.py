"""Reads what a server says in HTTP/2, frame by frame and as strict as h2; it does no I/O."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping

from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    InformationalResponseReceived,
    PushedStreamReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings
from hpack import HeaderTuple

from .answer import Closed, Data, End, Garbage, Goaway, Head, Interim, Promise, Reset
from .http2_spelling import ACK, HEAD_SIZE, SETTINGS, code_name, numbered
from .request import Headers, shown
from .streams import Asked, Exchanges
from .websocket import Handshake

# As for HTTP/1, our limit for heads must not be the first that a server meets.
LONGEST_HEAD = 1 << 24
STATUS = re.compile(rb"[1-5][0-9][0-9]")


class Judge(H2Connection):
    """h2 as a client that is told what was said, and judges what it hears; what it would say is not sent.

    How many streams we open is our business.
    """

    @property
    def open_outbound_streams(self) -> int:
        """One less than none: not even a server that allows no stream keeps us from opening one."""
        return -1


class Reader:
    """Takes bytes, gives answers to the exchanges, and says what must be replied at once."""

    def __init__(self, exchanges: Exchanges, settings: Mapping[str, int]) -> None:
        self.exchanges = exchanges
        self.settings: dict[str, int] | None = None
        """What the server has set, None before it has said anything of that."""
        self.goaway: Goaway | None = None
        self.replies = b""
        self._judge = _judge(settings)
        self._rest = b""
        self._trailers: dict[int, Headers] = {}

    def takes(self, data: bytes) -> None:
        """More bytes have come."""
        if not self.exchanges.is_broken:
            self._rest += data
        while not self.exchanges.is_broken and (frame := self._next_frame()):
            self._reads(frame)

    def ends(self, *, reset: bool) -> None:
        """The connection has ended."""
        error = self.goaway is not None and self.goaway.code != ErrorCodes.NO_ERROR
        is_whole = not (reset or error or self._rest or self.exchanges.is_broken)
        self.exchanges.end = Closed(reset, complete=is_whole, why=_said(self.goaway))

    def opened(self, stream: int, asked: Asked) -> None:
        """A stream was opened by us."""
        method = "CONNECT" if isinstance(asked, Handshake) else asked
        with self._telling() as judge:
            judge.send_headers(stream, [(b":method", method.encode())])

    def sets(self, payload: bytes) -> None:
        """We have sent these settings."""
        pairs = (payload[start : start + 6] for start in range(0, len(payload), 6))
        with self._telling() as judge:
            judge.update_settings(
                {int.from_bytes(each[:2], "big"): int.from_bytes(each[2:], "big") for each in pairs}
            )

    def made_room(self, size: int, stream: int = 0) -> None:
        """We have opened a window by so much."""
        if not stream or stream in self._judge.streams:
            with self._telling() as judge:
                judge.increment_flow_control_window(size, stream or None)

    def room(self, stream: int) -> int:
        """How much data the server takes at once on a stream, by the windows and the limit of a frame."""
        judge = self._judge
        own = judge.streams[stream].outbound_flow_control_window if stream in judge.streams else 0
        return min(own, judge.outbound_flow_control_window, judge.max_outbound_frame_size)

    def used(self, stream: int, size: int) -> None:
        """So much data was sent on a stream, or more than the windows allowed."""
        self._judge.outbound_flow_control_window -= size
        if stream in self._judge.streams:
            self._judge.streams[stream].outbound_flow_control_window -= size

    @property
    def frame_limit(self) -> int:
        """The longest frame that the server takes."""
        return self._judge.max_outbound_frame_size

    @property
    def table_size(self) -> int:
        """How much of the fields we have sent the server remembers (RFC 7541 §4.2)."""
        return self._judge.remote_settings.header_table_size

    @contextlib.contextmanager
    def _telling(self) -> Iterator[Judge]:
        """Tell h2 what we have said; what it would not have said is for the server alone to judge."""
        with contextlib.suppress(ProtocolError, ValueError):
            yield self._judge
        self._judge.state_machine.state = ConnectionState.CLIENT_OPEN
        self._judge.clear_outbound_data_buffer()

    def _next_frame(self) -> bytes | None:
        head = self._rest[:HEAD_SIZE]
        if len(head) < HEAD_SIZE:
            return None
        if self.settings is None and (head[3] != SETTINGS or head[4] & ACK):
            self._breaks("the server does not begin with SETTINGS", self._rest)
            return None
        size = int.from_bytes(head[:3], "big")
        if size > self._judge.max_inbound_frame_size:
            self._breaks(f"a frame of {size} bytes", self._rest)
            return None
        if len(self._rest) < HEAD_SIZE + size:
            return None
        frame, self._rest = self._rest[: HEAD_SIZE + size], self._rest[HEAD_SIZE + size :]
        return frame

    def _breaks(self, why: str, data: bytes) -> None:
        self.exchanges.breaks(Garbage(why, data))

    def _reads(self, frame: bytes) -> None:
        try:
            for event in self._judge.receive_data(frame):
                self._tells(event, frame)
        except ProtocolError as error:
            self._breaks(str(error) or type(error).__name__, frame)
        else:
            self.replies += self._judge.data_to_send()

    def _tells(self, event: Event, frame: bytes) -> None:
        match event:
            case ResponseReceived() | InformationalResponseReceived():
                self._responds(event.stream_id, _fields(event.headers), frame)
            case DataReceived():
                self._takes(event.stream_id, Data(event.data), event.flow_controlled_length)
            case TrailersReceived():
                self._trailers[event.stream_id] = _fields(event.headers)
            case StreamEnded():
                self._takes(event.stream_id, End(self._trailers.pop(event.stream_id, ())))
            case StreamReset(remote_reset=True):
                self._takes(
                    event.stream_id, Reset(why=code_name(event.error_code), code=int(event.error_code))
                )
            case StreamReset():
                self._breaks(f"stream {event.stream_id}: {code_name(event.error_code)}", frame)
            case PushedStreamReceived(parent_stream_id=int(parent), pushed_stream_id=int(stream)):
                self._promises(parent, stream, _fields(event.headers or ()))
            case RemoteSettingsChanged():
                heard = {_setting(each): change.new_value for each, change in event.changed_settings.items()}
                self.settings = {**(self.settings or {}), **heard}
            case ConnectionTerminated(last_stream_id=int(last_stream), error_code=int(code)):
                self._says_goodbye(last_stream, int(code), event.additional_data or b"")

    def _responds(self, stream: int, fields: Headers, frame: bytes) -> None:
        status = dict(fields)[b":status"]
        headers = tuple(field for field in fields if field[0] != b":status")
        if not STATUS.fullmatch(status) or status == b"101":
            self._breaks(f"the status {shown(status)}", frame)
            return
        # Whether a body has the length that it claims is judged with the exchange: h2 knows no 304.
        if stream in self._judge.streams:
            self._judge.streams[stream]._expected_content_length = None
        is_interim = status.startswith(b"1")
        self._takes(stream, Interim(int(status), headers) if is_interim else Head(int(status), headers, "2"))

    def _takes(
        self, stream: int, answer: Interim | Head | Data | End | Reset | Promise, size: int = 0
    ) -> None:
        exchange = self.exchanges.get(stream)
        if exchange is not None and not self.exchanges.is_broken:
            exchange.takes(answer, size)

    def _promises(self, parent: int, stream: int, fields: Headers) -> None:
        said = dict(fields)
        self._takes(parent, Promise(said.get(b":path"), fields, stream))
        self.exchanges.promises(parent, stream, said.get(b":method", b"GET").decode("latin-1"))

    def _says_goodbye(self, last_stream: int, code: int, debug: bytes) -> None:
        self.goaway = Goaway(last_stream, code, debug)
        self.exchanges.connection.append(self.goaway)
        if code == ErrorCodes.NO_ERROR:
            self.exchanges.refuses(last_stream + 1, Closed(why=_said(self.goaway)))
        else:
            # It has to close now (RFC 9113 §5.4.1), and not every server does: all is said in any case.
            self.exchanges.end = Closed(complete=False, why=_said(self.goaway))
        # For h2 all is over now, but what was begun goes on (RFC 9113 §6.8).
        self._judge.state_machine.state = ConnectionState.CLIENT_OPEN


def _judge(settings: Mapping[str, int]) -> Judge:
    configuration = H2Configuration(
        client_side=True,
        header_encoding=None,
        normalize_inbound_headers=False,
        normalize_outbound_headers=False,
        validate_outbound_headers=False,
    )
    judge = Judge(configuration)
    values = {SettingCodes(numbered(name)): value for name, value in settings.items()}
    judge.local_settings = Settings(client=True, initial_values=values)
    judge.max_inbound_frame_size = judge.local_settings.max_frame_size
    judge.decoder.max_allowed_table_size = judge.local_settings.header_table_size
    judge.decoder.max_header_list_size = LONGEST_HEAD
    return judge


def _fields(headers: Iterable[HeaderTuple | tuple[bytes, bytes]]) -> Headers:
    return tuple((bytes(name), bytes(value)) for name, value in headers)


def _setting(number: int) -> str:
    return SettingCodes(number).name.lower() if number in set(SettingCodes) else str(int(number))


def _said(goaway: Goaway | None) -> str:
    if goaway is None:
        return ""
    debug = f" {shown(goaway.debug)}" if goaway.debug else ""
    return f"GOAWAY {code_name(goaway.code)}{debug}"
