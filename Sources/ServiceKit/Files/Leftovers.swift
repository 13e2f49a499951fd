import Foundation

/// Files of processes that were killed before they could remove them: their names end with the process's number.
public enum Leftovers {
    /// Removes those in a folder whose process lives no more.
    ///
    /// - Parameters:
    ///   - isStart: this process has just begun, so that what bears its number is another's: in a container all have the same.
    ///   - process: the process that a name tells of; nil where the file is none of these.
    public static func remove(in folder: String, isStart: Bool = false, process: (_ name: String) -> Int32?) {
        // Where there is no folder there are no leftovers.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names {
            guard let process = process(name), process > 0, isStart && process == getpid() || !isAlive(process) else { continue }
            // What can't be removed is tried again the next time.
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    private static func isAlive(_ process: Int32) -> Bool {
        kill(process, 0) == 0 || errno != ESRCH
    }
}
