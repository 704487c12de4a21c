"""The `minga` command; its commands on files load neither the web nor the database."""
