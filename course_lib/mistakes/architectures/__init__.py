"""Wrong counts (`counts`), wrong claims (`claims`) and wrong layers (`layers`) of lesson 08."""
