"""Mails and mailboxes (.eml, .msg, .mbox) become parts."""
