"""A plain router with a WebSocket, as in FastAPI's documentation ("WebSockets")."""

from fastapi import APIRouter, WebSocket

from .auth.dependencies import SignedIn

router = APIRouter()


@router.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(f"You said: {await websocket.receive_text()}")
    await websocket.close()


@router.websocket("/whoami")
async def whoami(websocket: WebSocket, current_user: SignedIn) -> None:
    await websocket.accept()
    await websocket.send_text(current_user.user.email)
    await websocket.close()
