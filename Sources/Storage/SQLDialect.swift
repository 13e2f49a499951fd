/// Whose SQL an engine speaks. Every statement is portable but the few that no text of both engines can say: a search over an index
/// that the other has no like of.
public enum SQLDialect: Hashable, Sendable {
    case sqlite
    case postgres
}
