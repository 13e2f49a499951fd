import Foundation
import Testing

/// The tree in the README is true: whoever looks for something by the names of folders finds it.
@Suite struct RoomTests {
    let readme: ReadmeTree
    let manifest: PackageManifest

    init() throws {
        readme = ReadmeTree(markdown: try Self.text(of: "README.md"))
        manifest = try PackageManifest(text: try Self.text(of: "Package.swift"))
    }

    @Test func `every room of the sources stands in the README's tree, and the tree has no other`() throws {
        let rooms = try Self.folders(below: "Sources")
        #expect(rooms.count > 20)
        #expect(readme.rooms(below: "Sources") == rooms)
    }

    @Test func `every folder that the tree names is there`() {
        #expect(readme.folders.count > 50)
        for folder in readme.folders { #expect(Self.isFolder(folder), "the README's tree has \(folder)") }
    }

    @Test func `a folder of tests has the name of a room, or stands in the tree`() throws {
        let rooms = try Self.folders(below: "Sources").union(["Contracts"])
        let ofRooms = Set(rooms.map { $0 + "Tests" })
        let others = try Self.folders(below: "Tests").subtracting(ofRooms)
        #expect(readme.rooms(below: "Tests") == others)
    }

    @Test func `every target has a room, and every room is a target`() throws {
        #expect(manifest.folders.count > 50)
        for (name, folder) in manifest.folders { #expect(Self.isFolder(folder), "the target \(name) has no \(folder)") }
        let rooms = try Self.folders(below: "Sources").map { "Sources/\($0)" } + Self.folders(below: "Tests").map { "Tests/\($0)" }
        #expect(Set(rooms).subtracting(manifest.folders.values) == [])
    }

    /// What a test or a command leaves in the working folder is committed sooner or later.
    @Test func `no file lies at the top but those that belong there`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path).filter { !$0.hasPrefix(".") }
        let files = names.filter { FileManager.default.contents(atPath: Self.root.appending(path: $0).path) != nil }
        #expect(Set(files).subtracting(["Makefile", "Package.resolved"]) == ["Package.swift", "README.md"])
    }

    @Test func `a tree is read as it is shown`() {
        let tree = ReadmeTree(
            markdown: """
                ## The tree
                ```
                Package.swift   targets
                Sources/
                  A B           two rooms
                  C             one,
                                in two lines
                    D E         its folders
                deploy/         scripts
                ```
                """)
        #expect(tree.folders == ["Sources", "Sources/A", "Sources/B", "Sources/C", "Sources/C/D", "Sources/C/E", "deploy"])
        #expect(tree.rooms(below: "Sources") == ["A", "B", "C"])
    }

    @Test func `a target is found where it says, or where its name says`() throws {
        let manifest = try PackageManifest(
            text: #".target(name: "A", swiftSettings: house), .testTarget( name: "ATests"), .target(name: "B", path: "Generated/B")"#)
        #expect(manifest.folders == ["A": "Sources/A", "ATests": "Tests/ATests", "B": "Generated/B"])
    }

    private static let root = SourceTree.rootOfThisPackage

    private static func text(of file: String) throws -> String {
        try String(contentsOf: root.appending(path: file), encoding: .utf8)
    }

    private static func folders(below folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).filter { isFolder("\(folder)/\($0)") })
    }

    /// What holds no file is no folder for Git either.
    private static func isFolder(_ path: String) -> Bool {
        FileManager.default.enumerator(atPath: root.appending(path: path).path)?.nextObject() != nil
    }
}
