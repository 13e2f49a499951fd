public import RPC
import Synchronization

/// Certificates and a key in files, which are read again when one of them has changed.
public final class TLSFiles: TLSMaterialSource {
    private let files: TLSFileConfiguration
    /// What the files were when they were last read; nil where one had only just changed.
    private let stamps = Mutex<[FileStamp]?>(nil)

    public init(_ files: TLSFileConfiguration) {
        self.files = files
    }

    public var place: String { files.certificate }

    public func readIfChanged() throws -> TLSMaterial? {
        try stamps.withLock { stamps in
            let paths = [files.certificate, files.privateKey, files.trustRoots].compactMap(\.self)
            let current = paths.compactMap(FileStamp.init(path:))
            if current.count == paths.count, stamps == current { return nil }
            let settled = paths.compactMap(FileStamp.settled(path:))
            // What can't be read now is read when it changes, or when it comes to be.
            stamps = settled.count == paths.count ? settled : nil
            return TLSMaterial(
                certificates: try Self.read(files.certificate), privateKey: try Self.read(files.privateKey),
                trustRoots: try files.trustRoots.map(Self.read) ?? [])
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        try LocalFile.read(path, atMost: 1 << 20)
    }
}
