import Foundation

/// Where refused rows are to be kept.
public struct RejectsPlace: Sendable {
    /// The first of them that is free is taken.
    let candidates: [String]
    let isNamed: Bool

    /// A file that must not be there yet.
    public static func named(_ path: String) -> RejectsPlace { RejectsPlace(candidates: [path], isNamed: true) }

    /// Named after the imported file, in the working folder or another one: `patients-rejects.csv`, or
    /// `patients-rejects-2.csv` where that is there, as it is when it is what is imported.
    public static func beside(_ path: String, in folder: String = "") -> RejectsPlace {
        let url = URL(fileURLWithPath: path)
        let stem = url.deletingPathExtension().lastPathComponent.replacing(#/-rejects(-\d{1,4})?$/#, with: "")
        let name = (folder.isEmpty ? "" : folder + "/") + stem + "-rejects"
        let end = "." + (url.pathExtension.isEmpty ? "csv" : url.pathExtension)
        return RejectsPlace(candidates: [name + end] + (2...9999).map { "\(name)-\($0)\(end)" }, isNamed: false)
    }

    /// - Throws: where no file could be made, so that this is known before the first row is sent.
    func firstFree() throws -> String {
        guard let path = candidates.first(where: { !Self.exists($0) }) else { throw RejectsFileError.exists(candidates[0]) }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK | X_OK) == 0 else { throw RejectsFileError.notWritable(path) }
        return path
    }

    /// A link that leads nowhere is there too.
    private static func exists(_ path: String) -> Bool {
        var first: CChar = 0
        return access(path, F_OK) == 0 || readlink(path, &first, 1) >= 0
    }
}
