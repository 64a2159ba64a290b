"""From a book to the bytes of a file, one module per format. The bytes depend on the book alone."""
