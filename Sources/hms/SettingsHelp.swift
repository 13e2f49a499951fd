import PlainText
import ServiceKit

/// The settings as `--help` shows them.
enum SettingsHelp {
    static var table: String {
        var table = TextTable("  FLAG", "VARIABLE", "DEFAULT")
        for setting in Settings.all + [Settings.file] {
            table.add("  " + setting.flag, setting.environmentName, setting.defaultValue)
        }
        return table.description
    }
}
