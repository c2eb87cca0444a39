import { Command } from 'commander'

const HELP = `
Linked is what carries a span over to another thread or process. What is not linked runs as it would without span-tree, and its
spans are traces of their own. A table on a terminal, JSON elsewhere.

Examples:
  span-tree doctor
  span-tree doctor --json`

/** `span-tree doctor`: what is linked here, what is not, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('list what carries spans over to threads, processes and pools, what does not, and why')
    .option('--json', 'as JSON')
    .option('--table', 'as a table')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .action(async ({ json, table }: { json?: boolean; table?: boolean }) => {
      const [{ examine }, { doctorTable }] = await Promise.all([
        import('../doctor/examine.ts'),
        import('../doctor/doctor-table.ts'),
      ])
      const examination = examine(process.cwd(), process.env)
      const asJson = json || !(table || process.stdout.isTTY)
      process.stdout.write(asJson ? `${JSON.stringify(examination, null, 2)}\n` : doctorTable(examination))
    })
}
