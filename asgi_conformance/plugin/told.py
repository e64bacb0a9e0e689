"""A finding as a person reads it: what was said, the verdict, the requirement, the end of the log."""

import textwrap

from asgi_conformance.dialogue.performance import Finding
from asgi_conformance.dialogue.verdict import Verdict


def told(finding: Finding, label: str) -> str:
    """The whole story of one finding."""
    demanded = finding.check.requirement
    parts = [
        finding.transcript,
        f"{finding.verdict}: {finding.note}" if finding.note else str(finding.verdict),
        textwrap.fill(f"{demanded.id} ({finding.check.level}): {demanded.statement}", 100),
        f"  {demanded.link}",
    ]
    if demanded.unclear and finding.verdict is not Verdict.PASS:
        parts.append(textwrap.fill(f"unclear: {demanded.unclear}", 100))
    if finding.log and finding.verdict in (Verdict.FAIL, Verdict.WARN, Verdict.ERROR):
        parts.append(f"the end of what {label} printed:\n{textwrap.indent(finding.log, '  | ')}")
    return "\n\n".join(part for part in parts if part)
