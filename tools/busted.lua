-- busted as a plain script, so that any interpreter can run it.
require "busted.runner" { standalone = false }
