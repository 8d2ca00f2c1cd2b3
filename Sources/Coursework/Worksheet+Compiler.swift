// What the compiler calls in a file that is compiled for a playground, by the names that it has for them
// (swift/lib/Sema/PlaygroundTransform.cpp).

/// A line has given a value.
public func __builtin_log_with_id<Value>(
  _ value: Value, _ name: String, _ id: Int, _ line: Int, _ lastLine: Int, _ column: Int,
  _ lastColumn: Int, _ module: Int, _ file: Int
) -> AnyObject? {
  Worksheet.listener?(value, name, line)
  return nil
}

/// A scope begins.
public func __builtin_log_scope_entry(
  _ line: Int, _ lastLine: Int, _ column: Int, _ lastColumn: Int, _ module: Int, _ file: Int
) -> AnyObject? { nil }

/// A scope ends.
public func __builtin_log_scope_exit(
  _ line: Int, _ lastLine: Int, _ column: Int, _ lastColumn: Int, _ module: Int, _ file: Int
) -> AnyObject? { nil }

/// A line has printed something.
public func __builtin_postPrint(
  _ line: Int, _ lastLine: Int, _ column: Int, _ lastColumn: Int, _ module: Int, _ file: Int
) -> AnyObject? { nil }

/// Takes what those above return.
public func __builtin_send_data(_ object: AnyObject?) {}
