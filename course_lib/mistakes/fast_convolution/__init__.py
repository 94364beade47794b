"""Wrong im2col and col2im (`columns`), and wrong layers made with them (`layers`)."""
