//! The chart of the shares over time: drawn by the server, with a description and a table of the figures.

use super::types::{self, Share};
use crate::{texts::spoken, ui::time::Day};
use leptos::prelude::*;

/// Both shares over time. It needs two days to be more than a number.
#[component]
pub fn ShareChart(
    /// The days, oldest first.
    days: Vec<types::Day>,
) -> impl IntoView {
    let (Some(first), Some(last)) = (days.first().cloned(), days.last().cloned()) else { return ().into_any() };
    if first.offset == last.offset {
        return view! { <p class="hint">{tr!(dashboard.chart_later)}</p> }.into_any();
    }
    let text = tr!(
        dashboard.chart_text,
        from = spoken().moment(&first.date),
        to = spoken().moment(&last.date),
        admins = course(first.admins, last.admins),
        customers = course(first.customers, last.customers)
    );
    let admins = line(&days, |day| day.admins);
    let customers = line(&days, |day| day.customers);
    // The labels are outside of the drawing, so that they keep their size at any width.
    view! {
        <figure class="chart">
            <figcaption>
                <span>{tr!(dashboard.chart)}</span>
                <ul aria-hidden="true">
                    <li><svg viewBox="0 0 24 8" class="line admins"><path d="M0 4H24" /></svg>{tr!(dashboard.admins)}</li>
                    <li><svg viewBox="0 0 24 8" class="line customers"><path d="M0 4H24" /></svg>{tr!(dashboard.customers)}</li>
                </ul>
            </figcaption>
            <div class="scale" aria-hidden="true">{[100, 50, 0].map(|number| view! { <span>{part(number)}</span> }).collect_view()}</div>
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=text>
                <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
                <path class="line admins" d=admins />
                <path class="line customers" d=customers />
            </svg>
            <div class="days" aria-hidden="true"><Day at=first.date /><Day at=last.date /></div>
        </figure>
        <FigureTable days />
    }
    .into_any()
}

#[component]
fn FigureTable(days: Vec<types::Day>) -> impl IntoView {
    view! {
        <details>
            <summary>{tr!(dashboard.figures)}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=tr!(dashboard.figures)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(dashboard.day)}</th>
                            <th scope="col">{tr!(dashboard.admins)}</th>
                            <th scope="col">{tr!(dashboard.customers)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {days
                            .into_iter()
                            .rev()
                            .map(|day| view! {
                                <tr>
                                    <td><Day at=day.date /></td>
                                    <td>{figure(day.admins)}</td>
                                    <td>{figure(day.customers)}</td>
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}

/// "33%", or that there are no accounts.
pub fn percent(share: Share) -> String {
    share.percent().map_or_else(|| tr!(dashboard.chart_none), part)
}

/// "33%", as the page's language writes it.
fn part(percent: u32) -> String {
    tr!(dashboard.percent, number = percent)
}

/// A number with the marks of its language.
pub fn grouped(number: u32) -> String {
    spoken().number(number)
}

/// "1,200 of 3,000 accounts".
pub fn counts(share: Share) -> String {
    tr!(dashboard.of, enrolled = grouped(share.enrolled), accounts = grouped(share.accounts))
}

fn figure(share: Share) -> String {
    if share.accounts == 0 { tr!(dashboard.no_accounts) } else { format!("{} ({})", percent(share), counts(share)) }
}

fn course(first: Share, last: Share) -> String {
    tr!(dashboard.chart_course, from = percent(first), to = percent(last))
}

/// The path of a line in a square of 100: days to the right, percents upwards. Days without accounts are left out.
fn line(days: &[types::Day], share: impl Fn(&types::Day) -> Share) -> String {
    let span = f64::from(days.last().map_or(1, |day| day.offset).max(1));
    let points = days.iter().filter(|day| share(day).accounts > 0).map(|day| {
        let share = share(day);
        let x = f64::from(day.offset) * 100.0 / span;
        let y = 100.0 - f64::from(share.enrolled.min(share.accounts)) * 100.0 / f64::from(share.accounts);
        format!("{x:.2} {y:.2}")
    });
    let points: Vec<_> = points.collect();
    match points.as_slice() {
        [] => String::new(),
        // A line of no length is drawn as a dot by its round ends.
        [only] => format!("M{only}h0"),
        many => format!("M{}", many.join("L")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(offset: u32, enrolled: u32, accounts: u32) -> types::Day {
        types::Day { offset, date: String::new(), admins: Share { accounts, enrolled }, customers: Share::default() }
    }

    #[test]
    fn a_line_goes_up_with_the_share_and_leaves_gaps_their_width() {
        let days = [day(0, 0, 4), day(1, 1, 4), day(4, 4, 4)];
        assert_eq!(line(&days, |day| day.admins), "M0.00 100.00L25.00 75.00L100.00 0.00");
        assert_eq!(line(&days, |day| day.customers), "", "nobody has no share");
        assert_eq!(line(&[day(0, 0, 0), day(2, 1, 2)], |day| day.admins), "M100.00 50.00h0");
    }
}
