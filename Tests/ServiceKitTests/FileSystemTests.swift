import Testing

@testable import ServiceKit

@Suite struct FileSystemTests {
    private static let mounts = """
        overlay / overlay rw,relatime 0 0
        tmpfs /run tmpfs rw,nosuid 0 0
        server:/data /srv nfs4 rw 0 0
        /dev/sdb1 /srv/local ext4 rw 0 0
        tmpfs /mnt/a\\040b tmpfs rw 0 0

        """

    @Test(arguments: [
        ("/", FileSystem.local), ("/var/hospital", .local), ("/run", .memory), ("/run/x", .memory), ("/runner", .local),
        ("/srv/clinic", .network),
        ("/srv/local/clinic", .local), ("/mnt/a b/c", .memory),
    ])
    func `a folder is on the file system of the mount nearest above it`(path: String, kind: FileSystem) {
        #expect(FileSystem.kind(of: path, mounts: Self.mounts) == kind)
    }
}
