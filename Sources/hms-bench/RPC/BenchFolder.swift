import Foundation

/// A folder for what a benchmark's process keeps; the system clears it away.
struct BenchFolder {
    let path = FileManager.default.temporaryDirectory.appending(path: "hms-bench-\(UUID().uuidString)").path
}
