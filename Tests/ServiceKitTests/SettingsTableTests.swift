import Foundation
import ServiceKit
import Testing

@Suite struct SettingsTableTests {
    @Test func `every setting has a row that says what it is for`() {
        let rows = Settings.markdownTable.split(separator: "\n").dropFirst(2)
        #expect(rows.count == Settings.all.count + 1)
        for setting in Settings.all {
            let row = rows.first { $0.contains("`\(setting.flag)`") }
            #expect(row?.contains(setting.environmentName) == true)
            #expect(row?.contains(setting.meaning) == true)
        }
        #expect(rows.allSatisfy { $0.count { $0 == "|" } == 5 })
    }

    @Test func `the README shows this table`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains(Settings.markdownTable), "The README wants this table:\n\(Settings.markdownTable)")
    }
}
