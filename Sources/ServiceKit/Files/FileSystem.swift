import Foundation

/// What kind of file system a folder is on.
public enum FileSystem: Sendable {
    case local
    /// Its locks are not to be trusted.
    case network
    /// It is gone with the machine's power.
    case memory

    /// By Linux's list of mounts; nil where there is none.
    public static func kind(of folder: String) -> FileSystem? {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return nil }
        return kind(of: URL(fileURLWithPath: folder).resolvingSymlinksInPath().path, mounts: mounts)
    }

    static func kind(of path: String, mounts: String) -> FileSystem? {
        var (longest, kind) = (-1, nil as FileSystem?)
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            // Spaces are written in octal digits.
            let point = fields[1].replacing("\\040", with: " ")
            // Of two mounts at one place the later one is seen.
            guard point == "/" || path == point || path.hasPrefix(point + "/"), point.utf8.count >= longest else { continue }
            (longest, kind) = (point.utf8.count, FileSystem(type: String(fields[2])))
        }
        return kind
    }

    private init(type: String) {
        switch type {
        case "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "afs", "fuse.sshfs", "fuse.glusterfs", "lustre", "gpfs": self = .network
        case "tmpfs", "ramfs": self = .memory
        default: self = .local
        }
    }
}
