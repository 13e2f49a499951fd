import Testing

/// No error is swallowed: every `catch` maps, retries or logs, or says why there is nothing to be done.
@Suite struct ErrorTests {
    let tree = SourceTree.ofThisPackage

    @Test func `every catch does something, or says why not`() {
        for file in tree.files(in: "Sources") {
            for number in file.silentCatches { Issue.record("\(file.path):\(number) catches an error and does nothing, without a word") }
        }
    }

    @Test(arguments: ["} catch {}", "} catch {\n}", "} catch let error as E where error.isLate { }", "} catch {\n\n    }"])
    func `a catch that does nothing would be found`(text: String) {
        #expect(SourceFile(path: "Sources/X/X.swift", lines: text.components("\n")).silentCatches == [1])
    }

    @Test(arguments: [
        "} catch { throw mapped(error) }", "} catch {\n    // Told below.\n}", "} catch E.late {\n    return nil\n}", "let catcher = {}",
        "/// catch {}",
    ])
    func `a catch that does something, or says why not, is none`(text: String) {
        #expect(SourceFile(path: "Sources/X/X.swift", lines: text.components("\n")).silentCatches.isEmpty)
    }
}

extension ErrorTests {
    @Test func `an error that is dropped by try? has a line that says why`() {
        for file in tree.files(in: "Sources") where file.room != "hms-bench" {
            for number in file.droppedErrors { Issue.record("\(file.path):\(number) drops an error without a word") }
        }
    }

    @Test(arguments: ["    try? close()", "try? await close()", "        _ = try? write()"])
    func `an error that is dropped would be found`(line: String) {
        #expect(SourceFile(path: "Sources/X/X.swift", lines: ["func f() {", line]).droppedErrors == [2])
        #expect(SourceFile(path: "Sources/X/X.swift", lines: ["    // Nobody needs it.", line]).droppedErrors.isEmpty)
    }

    @Test(arguments: ["let text = try? read()", "guard let text = try? read() else { return nil }", "return try? read()", "// try? read()"])
    func `a failure that becomes nothing is none`(line: String) {
        #expect(SourceFile(path: "Sources/X/X.swift", lines: ["func f() {", line]).droppedErrors.isEmpty)
    }
}

extension String {
    fileprivate func components(_ separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
