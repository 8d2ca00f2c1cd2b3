// Attack: the core's own LSTM in place of one written from scratch
// Tries: to have the work done by a call
// Must: the file may not use it
func attack(_ X: Tensor) throws { _ = try X.lstm(W_x: X, W_h: X, b: X) }
