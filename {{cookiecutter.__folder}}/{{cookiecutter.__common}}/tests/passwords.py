"""The password of every user of the tests."""

PASSWORD = "correct horse battery staple"

# Quick to check: whether Argon2 is expensive enough is not the question here.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$zHj6bgSvH6BYMo37gUSUKg$Spf/GcjDX7NQ0o+jyak6Y+gXG7ilvSwk/ZdYRCB3gKY"
