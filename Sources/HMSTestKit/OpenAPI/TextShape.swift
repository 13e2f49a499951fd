import Foundation
import Vocabulary

/// The shapes of text that the API's description names.
enum TextShape {
    /// Whether an expression (ECMA-262) finds something in the text. A text that is no expression finds nothing.
    static func matches(_ text: String, _ expression: String) -> Bool {
        guard let expression = try? NSRegularExpression(pattern: expression) else { return false }
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }

    static func isDate(_ text: String) -> Bool {
        matches(text, #"^\d{4}-\d{2}-\d{2}$"#) && LocalDate(text) != nil
    }

    /// RFC 3339 with an offset.
    static func isTime(_ text: String) -> Bool {
        matches(text, #"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"#) && isDate(String(text.prefix(10)))
    }
}
