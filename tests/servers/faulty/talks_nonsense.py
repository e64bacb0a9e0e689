"""A server that answers with bytes that are not HTTP."""

import asyncio

import minimal


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Wait for the request, as a server should, and answer as none should."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x00\x01\x02 what is HTTP?\r\n\r\n")
    await writer.drain()
    writer.close()


async def serve() -> None:
    """For ever."""
    server = await asyncio.start_server(answer, sock=minimal.listening())
    await server.serve_forever()


asyncio.run(serve())
