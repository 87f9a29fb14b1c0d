"""Lets what waits in an event loop go on, as far as it can without time passing."""

import asyncio


async def turn(times=1):
    """Returns after every task that can go on has done so, so many times over."""
    loop = asyncio.get_running_loop()
    for _ in range(times):
        turned = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned
