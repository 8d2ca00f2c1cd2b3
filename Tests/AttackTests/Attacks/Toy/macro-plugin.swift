// Attack: a macro from a plugin
// Tries: to run code inside the compiler, where the sandbox might be wider
// Must: there is no plugin to load
// Compiles: no
@freestanding(expression) macro leak() -> String = #externalMacro(module: "Leak", type: "Leak")

func attack(_ X: Tensor) throws { print("LOOT", #leak()) }
