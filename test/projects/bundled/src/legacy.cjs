function double(n) {
  return Math.abs(n) * 2
}

exports.legacy = function legacy(n) {
  return double(n)
}
