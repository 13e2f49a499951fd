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

extension String {
    fileprivate func components(_ separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
