// ASP.NET Core on Kestrel, with the same work as the scripts in bench/servers: /hello, /json, /echo, /five, and a WebSocket on /ws.
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

var work = Environment.GetEnvironmentVariable("WORK") ?? "plain";
var middleware = int.Parse(Environment.GetEnvironmentVariable("MIDDLEWARE") ?? (work == "five" ? "5" : "0"));
var sockets = new ConcurrentDictionary<WebSocket, SemaphoreSlim>();

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
var app = builder.Build();

for (var i = 0; i < middleware; i++) app.Use(async (context, next) => await next(context));
app.UseWebSockets();
app.Run(async context =>
{
    var path = context.Request.Path;
    if (path == "/ws") await Accept(context);
    else if (path == "/json") await context.Response.WriteAsJsonAsync(new Record("Hello, World!", 42, [1, 2, 3]));
    else if (path == "/echo") await context.Response.WriteAsJsonAsync(await context.Request.ReadFromJsonAsync<JsonNode>());
    else
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = 13;
        await context.Response.WriteAsync("Hello, World!");
    }
});

await app.StartAsync();
Console.WriteLine(JsonSerializer.Serialize(new { port = new Uri(app.Urls.First()).Port }));
while (Console.ReadLine() is { } line)
{
    for (var i = 0; i < 4; i++)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, true, true);
        GC.WaitForPendingFinalizers();
        await Task.Delay(50);
    }
    Console.WriteLine("{\"done\":true}");
}
return 0;

async Task Accept(HttpContext context)
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = work == "deflate" });
    if (work == "broadcast") sockets[socket] = new SemaphoreSlim(1);
    try
    {
        await Echo(socket);
    }
    catch (WebSocketException) { }
    finally
    {
        sockets.TryRemove(socket, out _);
    }
}

// The loop of Microsoft's echo sample.
async Task Echo(WebSocket socket)
{
    var buffer = new byte[1024 * 4];
    var result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);
    while (!result.CloseStatus.HasValue)
    {
        var data = new ArraySegment<byte>(buffer, 0, result.Count);
        if (work != "broadcast") await socket.SendAsync(data, result.MessageType, result.EndOfMessage, CancellationToken.None);
        else await Task.WhenAll(sockets.Select(other => Send(other.Key, other.Value, data, result.MessageType)));
        result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);
    }
    await socket.CloseAsync(result.CloseStatus.Value, result.CloseStatusDescription, CancellationToken.None);
}

// .NET allows one send at a time on a socket.
async Task Send(WebSocket socket, SemaphoreSlim turn, ArraySegment<byte> data, WebSocketMessageType type)
{
    await turn.WaitAsync();
    try { await socket.SendAsync(data, type, true, CancellationToken.None); }
    catch (WebSocketException) { }
    finally { turn.Release(); }
}

record Record(string Message, int Number, int[] List);
