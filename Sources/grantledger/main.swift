import CommandLineTool

await runCommandLineTool()
