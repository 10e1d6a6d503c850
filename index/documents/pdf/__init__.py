"""PDF files become parts: text, layout, forms and scans."""
