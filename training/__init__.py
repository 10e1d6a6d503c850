"""How the bundled models were made, from public data: see README.md here."""
