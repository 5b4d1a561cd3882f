"""An MCP client of the Python package: is let in by a person, searches and sends, and says what it got, as JSON.

Arguments: address of the server, redirect URI, arguments of send_message as JSON. The line after `open` is where the
person goes; where they came back to is read from standard input.
"""

import asyncio
import json
import sys
from urllib.parse import parse_qs, urlsplit

from mcp import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from mcp.shared.auth import OAuthClientMetadata


class Memory:
    """What the package keeps of one server."""

    tokens = None
    client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client_info):
        self.client = client_info


async def send_person(url):
    print("open", url, flush=True)


async def come_back():
    back = parse_qs(urlsplit((await asyncio.to_thread(sys.stdin.readline)).strip()).query)
    return AuthorizationCodeResult(code=back["code"][0], state=back["state"][0], iss=back["iss"][0])


async def main(server, redirect_uri, letter):
    oauth = OAuthClientProvider(
        server,
        OAuthClientMetadata(
            client_name="A tool in Python",
            redirect_uris=[redirect_uri],
            token_endpoint_auth_method="none",
        ),
        Memory(),
        send_person,
        come_back,
    )
    async with create_mcp_http_client(auth=oauth) as http:
        async with Client(streamable_http_client(server, http_client=http)) as client:
            tools = await client.list_tools()
            found = await client.call_tool("search_messages", {"query": "subject:invoice", "limit": 2})
            sent = await client.call_tool("send_message", letter)
            answer = {
                "version": client.protocol_version,
                "tools": [tool.name for tool in tools.tools],
                "found": found.structured_content,
                "sent": sent.structured_content,
            }
            print("done", json.dumps(answer), flush=True)


asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
