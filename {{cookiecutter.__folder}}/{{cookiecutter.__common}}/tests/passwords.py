"""The password of every user of the tests."""

PASSWORD = "correct horse battery staple"

# Fast to verify: these tests are not about the cost of Argon2.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$zHj6bgSvH6BYMo37gUSUKg$Spf/GcjDX7NQ0o+jyak6Y+gXG7ilvSwk/ZdYRCB3gKY"
