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
}
