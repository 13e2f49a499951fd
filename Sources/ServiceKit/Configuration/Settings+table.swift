extension Settings {
    /// Every setting as a table in Markdown, as the README shows it.
    public static var markdownTable: String {
        let rows = ([file] + all).map { setting in
            let defaultValue = setting.defaultValue.isEmpty ? "–" : "`\(setting.defaultValue)`"
            return "| `\(setting.flag)` | `\(setting.environmentName)` | \(defaultValue) | \(setting.meaning) |"
        }
        return (["| flag | environment | default | meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
