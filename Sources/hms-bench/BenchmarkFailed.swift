/// Why there is no figure.
struct BenchmarkFailed: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the benchmark came to nothing: \(reason)" }
}
