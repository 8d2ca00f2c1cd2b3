// Attack: types that double at each step
// Tries: to use up the compiler's memory
// Must: the compiler's limits end it; only its file is lost
// Compiles: no
struct Pair<A, B> {
  var a: A
  var b: B
}

func grow<T>(_ value: T, _ n: Int) -> Int {
  n == 0 ? 0 : grow(Pair(a: value, b: value), n - 1)
}

func bomb() -> Int {
  let a = Pair(a: 1, b: 1)
  let b = Pair(a: a, b: a)
  let c = Pair(a: b, b: b)
  let d = Pair(a: c, b: c)
  let e = Pair(a: d, b: d)
  let f = Pair(a: e, b: e)
  let g = Pair(a: f, b: f)
  let h = Pair(a: g, b: g)
  let i = Pair(a: h, b: h)
  let j = Pair(a: i, b: i)
  let k = Pair(a: j, b: j)
  let l = Pair(a: k, b: k)
  let m = Pair(a: l, b: l)
  let n = Pair(a: m, b: m)
  let o = Pair(a: n, b: n)
  let p = Pair(a: o, b: o)
  let q = Pair(a: p, b: p)
  let r = Pair(a: q, b: q)
  let s = Pair(a: r, b: r)
  let t = Pair(a: s, b: s)
  let u = Pair(a: t, b: t)
  return MemoryLayout.size(ofValue: u)
}

func attack(_ X: Tensor) throws { _ = bomb() }
