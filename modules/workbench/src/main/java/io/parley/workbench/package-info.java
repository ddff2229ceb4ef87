/// Tools for flow files as code, which Studio does not have: [FlowCheck] finds what will surprise a
/// flow's author, [FlowWalk] holds random conversations with a flow, [FlowDrawing] draws it and
/// [FlowDiff] says in words how two files differ. All of them are pure: texts and flows in, values
/// out.
@NullMarked
package io.parley.workbench;

import org.jspecify.annotations.NullMarked;
