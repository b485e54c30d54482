/** Where the names or the numbers differ though the behaviour is the same. */
export const translations = `Names are those of TypeScript: \`UseMiddleware\` is \`useMiddleware\`, a time span is a number of milliseconds, a cancellation token is an \`AbortSignal\`, \`ArgumentException\` is \`ArgumentException\`. Beyond that:

| ASP.NET Core | Windhover | |
|---|---|---|
| \`ASPNETCORE_URLS\`, \`ASPNETCORE_ENVIRONMENT\`, ... | \`WINDHOVER_URLS\`, \`WINDHOVER_ENVIRONMENT\`, ... | \`NODE_ENV\` names the environment too, after these |
| section \`Kestrel\` of the configuration | section \`NodeServer\` | |
| log categories \`Microsoft.AspNetCore.Hosting.Diagnostics\`, \`Microsoft.Hosting.Lifetime\`, \`Microsoft.AspNetCore.Server.Kestrel\`, ... | \`Windhover.Hosting.Diagnostics\`, \`Windhover.Hosting.Lifetime\`, \`Windhover.Server\`, ... | levels and event numbers are the same |
| a body that is written before the headers are sent is chunked | a body that is complete in one tick has a Content-Length | the comparison sets \`alwaysChunk\`, so that bodies look the same |
| a WebSocket waits for ever for the peer's close frame, and for a pong | \`closeTimeout\` 10 s, \`keepAliveTimeout\` 30 s | the comparison sets 2.5 s and none |
| a Startup class with two overloads of a method | two methods whose names differ in case | JavaScript has no overloads |
| \`GetValue<int>\` of a missing key is 0 | \`undefined\`, unless the caller names a default | the comparison names .NET's |
| two equal paths have the same hash code | two equal paths are equal | JavaScript has no hash codes |
| an unhandled exception ends the process with SIGABRT (134) | with exit code 1 | both count as failure |`
