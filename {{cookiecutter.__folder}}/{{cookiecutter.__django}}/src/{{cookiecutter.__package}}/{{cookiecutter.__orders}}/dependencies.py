"""What the operations on orders need."""

from .transactions import orders as orders
