"""What commands mean. `-> show.clock` in a file of grammar/core is the function `clock` of `ioscli.features.core.show`."""
