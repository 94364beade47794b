"""Wrong pooling, forwards (`forward`) and backwards (`backward`), by plain loops."""
