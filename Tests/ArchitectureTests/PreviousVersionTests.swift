import Foundation
import Testing

/// `deploy/previous`, in a repository of the test's own whose build writes down what it was built of.
@Suite struct PreviousVersionTests {
    private let folder: URL

    init() throws {
        folder = URL.temporaryDirectory.appending(path: "previous-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "deploy"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: SourceTree.rootOfThisPackage.appending(path: "deploy/previous"), to: folder.appending(path: "deploy/previous"))
        // Wants none of the variables by which an outer build is told how to build.
        let makefile = """
            dist:
            \t@echo building $(HMS_BUILD_FLAGS)$(HMS_TESTS)$(HMS_ONE_BUILD)
            \t@if [ -e broken ]; then exit 3; fi
            \t@mkdir dist && cp version dist/hms && chmod +x dist/hms && echo built >>../builds
            """
        try write(makefile, to: "Makefile")
        try write(".build*\n/dist/\n/builds\n", to: ".gitignore")
        try #require(shell("git init --quiet && git config user.name A && git config user.email a@hms.example") == "")
        for version in ["1", "2", "3"] {
            try write(version, to: "version")
            try #require(shell("git add --all && git commit --quiet --message \(version) && git tag v\(version)") == "")
        }
    }

    @Test func `the version before is built from its tag once, whatever a build is told around it`() throws {
        defer { clean() }
        let said = try run("deploy/previous v1", ["HMS_BUILD_FLAGS": "odd", "HMS_TESTS": "X", "HMS_ONE_BUILD": "tests", "MAKEFLAGS": "n"])
        #expect(said.status == 0 && said.output.hasSuffix("/.build-previous/dist/hms\n"))
        #expect(try text(of: said.output) == "1")
        #expect(try run("deploy/previous v1").output == said.output)
        #expect(try String(contentsOf: folder.appending(path: "builds"), encoding: .utf8) == "built\n")
    }

    @Test func `without a tag it is the last one before this commit, and another version takes the place of the first`() throws {
        defer { clean() }
        #expect(try text(of: try run("deploy/previous").output) == "2")
        #expect(try text(of: try run("deploy/previous v1").output) == "1")
        #expect(try text(of: try run("deploy/previous HEAD").output) == "3")
    }

    @Test func `a tag that isn't there, and a history without one, are said`() throws {
        defer { clean() }
        #expect(try run("deploy/previous v9").status == 2)
        #expect(try shell("git tag --delete v1 v2 v3 >/dev/null") == "")
        let said = try run("deploy/previous")
        #expect(said.status == 2 && said.output.isEmpty)
    }

    @Test func `a build that fails leaves nothing that a second call would take for the version before`() throws {
        defer { clean() }
        try #require(shell("touch broken && git add broken && git commit --quiet --message broken") == "")
        #expect(try text(of: try run("deploy/previous v1").output) == "1")
        for _ in 1...2 {
            let said = try run("deploy/previous HEAD")
            #expect(said.status != 0 && said.output.isEmpty)
        }
        #expect(try text(of: try run("deploy/previous v2").output) == "2")
    }

    @Test func `a folder that was thrown away is made anew`() throws {
        defer { clean() }
        #expect(try run("deploy/previous v1").status == 0)
        #expect(try shell("rm -rf .build-previous") == "")
        #expect(try text(of: try run("deploy/previous v1").output) == "1")
    }

    private func run(_ command: String, _ environment: [String: String] = [:]) throws -> (status: Int32, output: String) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["bash", "-c", command]
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    /// What a command says; its status too, where that is not 0.
    private func shell(_ command: String) throws -> String {
        let (status, output) = try run(command)
        return status == 0 ? output : "\(output)\(status)"
    }

    private func text(of path: String) throws -> String {
        try String(contentsOfFile: path.trimmingCharacters(in: .newlines), encoding: .utf8)
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    private func clean() { try? FileManager.default.removeItem(at: folder) }
}
