"""Webhooks: events that are sent to URLs which administrators have registered."""
