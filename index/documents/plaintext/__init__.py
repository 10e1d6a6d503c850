"""Plain text, Markdown and subtitles become parts."""
